"""Asks a service beside it for credentials, as programs in a cloud do.

succeeds: sent
stopped by: system calls or files or private view
"""
import urllib.request

address = "http://127.0.0.1:@TCP@/latest/meta-data/iam/security-credentials/"
try:
    print(urllib.request.urlopen(urllib.request.Request(address, headers={"Metadata": "true"}), timeout=0.2).read())
except TimeoutError:
    print("it has been asked")
