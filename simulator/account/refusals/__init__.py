"""What AWS refuses and moto would let pass, answered in AWS's own words.

`checked.py` looks at every request before moto does. What AWS's service models say comes from botocore (`shapes.py`),
what its reference says in prose only is a line each in `ec2.py`, `iam.py` and `s3.py`.
"""
