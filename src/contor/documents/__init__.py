"""Documents: what is asked for is judged, frozen, numbered, filed and shown.

Rooms: types, amounts, treatment, judge, naming, matters, request, issue, einvoice, render, after, drafts.
"""
