"""The ground floor: what every domain needs and nothing that belongs to one.

It knows PostgreSQL, time, ids, secrets, settings and errors. It knows no noun of the product.
"""
