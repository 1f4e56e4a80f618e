"""工作提问: the questions of a working day, each one click from its answer."""
