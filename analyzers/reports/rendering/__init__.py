"""Renderings of a report: a page, print, mail, the terminal. All from the same blocks, so that none says more."""

from __future__ import annotations

from analyzers.reports.rendering.html import render_html
from analyzers.reports.rendering.mail import Attachment, Envelope, report_mail
from analyzers.reports.rendering.pdf import render_pdf
from analyzers.reports.rendering.sending import Postbox, find_postbox, mail_report
from analyzers.reports.rendering.text import print_text, render_text

__all__ = [
    "Attachment",
    "Envelope",
    "Postbox",
    "find_postbox",
    "mail_report",
    "print_text",
    "render_html",
    "render_pdf",
    "render_text",
    "report_mail",
]
