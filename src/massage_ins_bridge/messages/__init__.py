"""Words for people: e-mails, and the client's own page, in English and in Spanish. Facts in, text
out: no I/O."""
