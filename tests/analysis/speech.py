"""Conversations of a small shop about three things, for tests of topics."""

PARCELS = [
    "Where is my parcel? It should have arrived on Monday.",
    "My parcel has not been delivered yet, can you track it?",
    "The tracking number for my parcel does not work.",
    "The courier says my parcel was delivered but I do not have it.",
    "My parcel is stuck at the depot since last week.",
    "Can I change the delivery address of my parcel?",
    "The parcel arrived broken, the box was wet.",
    "When will the parcel with my shoes be delivered?",
    "My parcel was left at the wrong house by the courier.",
    "I would like to track the delivery of my parcel.",
    "The delivery of the parcel is three days late.",
    "How long does parcel delivery to Norway take?",
]
PASSWORDS = [
    "I forgot my password and cannot log in to my account.",
    "The password reset email never arrives.",
    "How do I reset the password of my account?",
    "My account is locked after too many wrong passwords.",
    "The login page says my password has expired.",
    "I cannot log in, it says the password is wrong.",
    "Please send me a link to reset my password.",
    "Changing my password does not work on the phone.",
    "The login code for my account does not reach me.",
    "I want a new password, somebody got into my account.",
    "My password manager does not fill in the login form.",
    "Is there a rule for how long a password must be?",
]
INVOICES = [
    "I was charged twice on my credit card for one invoice.",
    "The invoice of March shows the wrong amount.",
    "Can you send me the invoice as a PDF for my accountant?",
    "Why is there a fee on my invoice that I do not know?",
    "The VAT number is missing on the invoice.",
    "I need a refund for the invoice that I paid two times.",
    "How can I pay the invoice by bank transfer?",
    "My invoice has another company's name on it.",
    "The invoice was paid, but I got a reminder.",
    "Please put our purchase order number on the invoice.",
    "Where do I find the invoices of last year?",
    "The discount is missing on my invoice.",
]
