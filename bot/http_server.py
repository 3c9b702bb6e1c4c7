"""A small HTTP server of the bot's own, at one address, for as long as the bot runs."""

from aiohttp import web

from bot.errors import UserError


class HttpServer:
    """Serves an application."""

    def __init__(self, app: web.Application, host: str, port: int, setting: str) -> None:
        """Take what it needs; `setting` is where the configuration says the address, for messages."""
        self._host = host
        self._port = port
        self._setting = setting
        # Who asked for what is written into no log: an address may be private.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)

    @property
    def address(self) -> str:
        """Where it listens, once it does."""
        host, port = self._runner.addresses[0][:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    async def open(self) -> None:
        """Begin to listen.

        Raises:
            UserError: the address can't be used.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            where = f"{self._host}:{self._port}"
            raise UserError(f"{self._setting}: can't listen at {where}: {error.strerror or error}.") from None

    async def close(self) -> None:
        """Stop listening."""
        await self._runner.cleanup()
