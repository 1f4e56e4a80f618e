from webapp.commands.program import main

__all__ = ["main"]
