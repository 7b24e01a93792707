"""The languages of every page, mail and sheet: catalogues of gettext, forms of numbers and dates, and who gets which.

English is the text of the code itself. A language is one file beside this one, `it.po`, which `make languages` keeps
up with the tree; it is read when it is first needed, so that nothing is compiled and nothing can be out of date.
"""
