"""All SQL about accounts: `people` for who signs in, `members` for who is in an organization, `links` for invitations and
forgotten passwords, `keys` for programs, and `audit` for who changed what.
"""
