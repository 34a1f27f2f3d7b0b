"""Reports: a question (:mod:`~analyzers.reports.question`), its answer as a document, and the document as JSON.

Nothing is imported here: what makes reports and what reports are made of use each other's modules.
"""
