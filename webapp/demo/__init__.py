"""The demonstration: invented people, rounds in progress, and the whole round of the story played."""
