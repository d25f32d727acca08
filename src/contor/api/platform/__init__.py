"""The platform dialect, `/v2`: camelCase, OAuth2 bearer tokens, RSQL lists. A table of routes and a voice; no rule, no SQL."""
