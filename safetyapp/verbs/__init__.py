"""The verbs of the command line, a module for each group: a verb takes a call and answers with data and with lines."""
