"""彩排: the whole desk once more, on a scratch database with stand-ins and its own clock, below /rehearsal/<id>/."""
