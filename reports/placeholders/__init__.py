"""The office's own .docx with placeholders such as {{会员总数}}, filled for any period and union.

reading     where placeholders stand, also cut over runs by Word, and what each means
filling     figures into the file, each traceable as in our own documents, and what could not be filled
A placeholder names a fact or a word and nothing else; there is no language to compute in.
"""
