"""Notebooks among the pages: run when what they depend on changed, and kept until then.

A notebook is a Python file under docs/, in jupytext's percent format. Beside it stands what its
cells print (.out), and how far that may differ (allowances.yml). The executed notebook (.ipynb),
which the builder shows and readers download, brings the project's modules that it imports.
"""
