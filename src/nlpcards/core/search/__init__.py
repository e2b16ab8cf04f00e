"""The search language, which is Anki's: from a query's text to a tree (`language`), from the tree to a test of cards
(`matching`), and what could be typed next (`completion`).
"""
