"""Figures over many cases, for those who may see them all: how much waits where, how long steps take, when cases end.

Everything here reads the tables of cases and work items and never loads a workflow. What has no natural limit is
measured over the newest part, and the reader is told so.
"""
