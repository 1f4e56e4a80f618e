"""Notices on their way out of the desk: by mail and web hook, as each person chose, at least once, with a key.

A notice is written in the transaction of what it tells of and marked as not spread. A worker spreads it: one delivery
for each person and hook that wants it, and a job that sends. What is sent carries the id of its delivery, so that a
receiver knows a repetition.
"""
