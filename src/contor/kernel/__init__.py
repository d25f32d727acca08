"""What every package may use: exact numbers, shapes, errors, events, operations. It imports nothing of Contor."""

import decimal

# Exact arithmetic over numeric(25,10) x numeric(19,4) needs 44 digits; 76 leaves room for one more product.
# DefaultContext is copied by each new thread; the context of the importing thread exists already.
decimal.DefaultContext.prec = 76
decimal.getcontext().prec = 76
