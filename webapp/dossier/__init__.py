"""案卷: a whole case as a folder, to be kept or read without the desk."""
