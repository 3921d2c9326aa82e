"""Files and facts: what a file of a paper is, its pages as pictures, and letters as files."""
