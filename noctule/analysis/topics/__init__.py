"""What conversations are about: a vector for each, groups of those that are near each other, and their names.

All of it is work of background processes: vectors come from the model's child process, groups from one of our own.
"""
