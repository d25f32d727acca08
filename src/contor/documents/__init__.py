"""Documents: what is asked for is judged, frozen, numbered, filed and shown.

Rooms: types, amounts, treatment, judge, request, issue, einvoice, render, after, drafts.
"""
