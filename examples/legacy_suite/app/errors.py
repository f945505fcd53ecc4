"""Every error of the shop."""


class ShopError(Exception):
    pass
