"""Does the master work? Its page is asked, from the machine itself."""

import http.client
import ssl

from locust_cluster.common.settings import ConfigurationError, Settings

TIMEOUT_S = 2


NO_ANSWER = "page does not answer"

RECEIVES_NOTHING = "page answers, but the master receives no worker messages"


def page_trouble(settings: Settings, certificate: str | None) -> str | None:
    """Ask GET /cluster/health; None when all is well.

    `certificate` is the PEM that https serves, None for plain http.
    """
    host = "127.0.0.1" if settings.web_host in ("0.0.0.0", "*") else settings.web_host  # noqa: S104
    connection: http.client.HTTPConnection
    if certificate:
        context = _only_trust(certificate)
        connection = http.client.HTTPSConnection(
            host, settings.web_port, timeout=TIMEOUT_S, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, settings.web_port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/cluster/health")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return NO_ANSWER
    finally:
        connection.close()
    # 503 is what it says of itself; anything else is said by another program, or a broken one.
    return {200: None, 503: RECEIVES_NOTHING}.get(status, NO_ANSWER)


def _only_trust(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=certificate)
    except ssl.SSLError as error:
        raise ConfigurationError(f"the cluster's certificate is not understood: {error}") from error
    # It is issued for the cluster's fixed name; here it is asked by a loopback address. It need not
    # be an authority's: this one certificate is trusted, whatever signed it.
    context.check_hostname = False
    context.verify_flags = ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
