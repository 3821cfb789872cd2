"""What a person does, one module per action: facts and tools come in, new facts go out.

Knows no file format, table, key or pixel.
"""
