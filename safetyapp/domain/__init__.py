"""What an inspection is: frozen values and pure functions.

Standard library only; no files, no clock, no text for people.
"""
