"""Reference data in: certifications, communes, Formacodes, from the files that their keepers publish.

Which file it is shows in its columns (`formats`); what it says is then compared with the base, and written under the
permission `charger` of a gestionnaire (`charge`). What a file no longer says stays: the offer may still name it.
"""
