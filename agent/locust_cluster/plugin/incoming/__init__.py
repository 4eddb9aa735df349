"""What workers send to the master on 5557: nothing there is believed before it is checked.

Locust's protocol has no login, and Locust's own master ends its listener at the first message that
it does not understand.
"""
