"""Diagrams as pictures and as lists of steps, without script: for case pages, for print, for readers of tables."""

from processes.engine.drawing.arrange import layout
from processes.engine.drawing.marks import Mark
from processes.engine.drawing.picture import draw
from processes.engine.drawing.reading import Shape
from processes.engine.drawing.steps import Step, steps

__all__ = ["Mark", "Shape", "Step", "draw", "layout", "steps"]
