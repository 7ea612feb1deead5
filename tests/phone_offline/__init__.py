"""The offline half of the phone: reports, the queue, the service worker; in a folder of its own, where no clock is stopped."""
