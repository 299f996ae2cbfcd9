"""一表通: a superior's blank form, bound once to facts and lists, filled for any period and union.

grid        the form as cells with their labels: plain values
workbook    .xlsx <-> grid; wordfile    .docx <-> grid; opening    which of the two
matching    a form seen again, and which fact a blank asks for
binding     what a clerk ties a cell to; filling    figures and rows into the file, and what could not be filled
"""
