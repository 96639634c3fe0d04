"""Ask an application without a server, as plain calls."""

import asyncio

import httpx


class Client:
    def __init__(self, app):
        self.transport = httpx.ASGITransport(app, raise_app_exceptions=False)

    def request(self, method, path, **content):
        async def ask():
            async with httpx.AsyncClient(transport=self.transport, base_url="http://app") as http:
                return await http.request(method, path, **content)

        return asyncio.run(ask())

    def get(self, path, **content):
        return self.request("GET", path, **content)

    def post(self, path, **content):
        return self.request("POST", path, **content)
