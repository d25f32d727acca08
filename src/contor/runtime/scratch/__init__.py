"""Folders for what is needed while something is made, and what killed processes left of it."""

from contor.runtime.scratch.folders import PREFIX, scratch, sweep

__all__ = ["PREFIX", "scratch", "sweep"]
