"""Workbooks in and out: reading uploads safely, finding headers, streaming exports, templates. No Django here.

reading.open_book     any uploaded table -> Book of Sheets with numbered rows, or SheetRefused
headers.pick_sheet    the sheet and the header row that fit the known column names
writing.XlsxWriter    rows or PostgreSQL COPY text -> .xlsx, in constant memory
templates             the workbook to fill in, and refused rows with their reasons
"""
