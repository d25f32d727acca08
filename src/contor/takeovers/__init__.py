"""What was taken over from another system: which thing there is which one here. So that nothing is taken twice, however often it is begun
anew."""
