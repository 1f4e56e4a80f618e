"""彩排: a draft that runs on a scratch database with stand-in people and a clock that is moved by hand.

What was played can be kept as a scenario, a file of the package, which is played again before every publishing.
"""
