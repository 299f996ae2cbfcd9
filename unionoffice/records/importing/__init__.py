"""Workbooks into records: every row judged by the rules of the form, then written in sets under one act.

engine      one sheet: cleaned, judged and written chunk by chunk
workbook    a file with a sheet for each record type
runs        a file on its way through the pages: uploaded, judged, repaired, confirmed, written
extension   what a record type adds
"""
