"""A whole year played through the real procedures, task by task, from the files of a story."""
