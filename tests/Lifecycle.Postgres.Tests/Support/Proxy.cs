using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Lifecycle.Postgres.Tests.Support;

/// <summary>What becomes of a message of the client, and of its connection.</summary>
internal enum Fate
{
    Pass,

    /// <summary>The server never sees the message.</summary>
    CutBefore,

    /// <summary>The server carries the message out, and the client never hears of it.</summary>
    CutAfter,

    /// <summary>The same, but the connection stays open and nothing comes any more.</summary>
    SilentAfter,
}

/// <summary>
/// Stands between the store and the server and knows where messages of the protocol begin and end. Armed, it asks at
/// each message of the next connection of the journal that says something what is to become of it.
/// </summary>
internal sealed class Proxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Link> _links = [];
    private readonly Lock _gate = new();
    private readonly string _host;
    private readonly int _port;
    private readonly Task _accepting;

    // Guarded by _gate: the plan, and the connection that it is for once one has spoken.
    private Func<int, char, ValueTask<Fate>>? _decide;
    private Link? _chosen;
    private int _messages;

    public Proxy(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        (_host, _port) = (server.Host!, server.Port);
        _listener.Start();
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port, SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        _accepting = AcceptAsync();
    }

    public string ConnectionString { get; }

    /// <summary>How many messages the chosen connection sent since the proxy was armed.</summary>
    public int Messages
    {
        get
        {
            lock (_gate) return _messages;
        }
    }

    /// <param name="decide">Asked with the message's number, from 0, and its type, until it cuts.</param>
    public void Arm(Func<int, char, ValueTask<Fate>> decide)
    {
        lock (_gate) (_decide, _chosen, _messages) = (decide, null, 0);
    }

    public void Disarm()
    {
        lock (_gate) (_decide, _chosen) = (null, null);
    }

    /// <summary>This side of all connections is gone, and the server does not know.</summary>
    public void LoseClients()
    {
        lock (_gate)
            foreach (var link in _links) link.LoseClient();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        Link[] links;
        lock (_gate) links = [.. _links];
        foreach (var link in links) link.Cut(wholly: true);
        foreach (var link in links) await link.Done;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await server.ConnectAsync(_host, _port);
                (client.NoDelay, server.NoDelay) = (true, true);
                var link = new Link(this, client, server);
                lock (_gate) _links.Add(link);
                link.Start();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async ValueTask<Fate> AskAsync(Link link, char type)
    {
        Func<int, char, ValueTask<Fate>> decide;
        int number;
        lock (_gate)
        {
            if (_decide is null || !link.IsOfJournal) return Fate.Pass;
            _chosen ??= link;
            if (_chosen != link) return Fate.Pass;
            (decide, number) = (_decide, _messages++);
        }

        var fate = await decide(number, type);
        lock (_gate)
        {
            // Unless it was armed anew meanwhile.
            if (fate != Fate.Pass && _decide == decide) (_decide, _chosen) = (null, null);
        }

        return fate;
    }

    /// <summary>One connection of the store and its counterpart.</summary>
    private sealed class Link(Proxy proxy, Socket client, Socket server)
    {
        private readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _swallows;
        private volatile bool _clientLost;
        private volatile TaskCompletionSource? _answered;

        public bool IsOfJournal { get; private set; }

        public Task Done { get; private set; } = Task.CompletedTask;

        public void Start() => Done = Task.WhenAll(Guarded(ToServerAsync), Guarded(ToClientAsync));

        public void LoseClient()
        {
            _clientLost = true;
            Cut();
        }

        /// <summary>As a network that fails: no farewell in either direction.</summary>
        public void Cut(bool wholly = false)
        {
            _silent.TrySetResult();
            foreach (var socket in _clientLost && !wholly ? [client] : new[] { client, server })
            {
                try
                {
                    socket.LingerState = new LingerOption(true, 0);
                }
                catch (ObjectDisposedException)
                {
                    continue;
                }

                socket.Close();
            }
        }

        private async Task Guarded(Func<Task> pump)
        {
            try
            {
                await pump();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // Closed by either side, or cut.
            }

            Cut();
        }

        private async Task ToServerAsync()
        {
            await using var from = new NetworkStream(client);
            // The first message has no type; it says which program and which of its pools this is.
            var startup = await ReadAsync(from, typed: false);
            IsOfJournal = startup.AsSpan().IndexOf("lifecycle journal"u8) >= 0;
            await server.SendAsync(startup);
            while (true)
            {
                var message = await ReadAsync(from, typed: true);
                var type = (char)message[0];
                switch (await proxy.AskAsync(this, type))
                {
                    case Fate.Pass:
                        await server.SendAsync(message);
                        break;
                    case Fate.CutBefore:
                        Cut();
                        return;
                    case var after:
                        await CarryOutAsync(message, type);
                        if (after == Fate.SilentAfter) await _silent.Task;
                        Cut();
                        return;
                }
            }
        }

        /// <summary>Sends it and, where the server answers it, waits for the answer and keeps it.</summary>
        private async Task CarryOutAsync(byte[] message, char type)
        {
            _swallows = true;
            // Sync, a simple query, the end of a COPY.
            var isAnswered = type is 'S' or 'Q' or 'c';
            if (isAnswered) _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
            await server.SendAsync(message);
            if (isAnswered) await _answered!.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }

        private async Task ToClientAsync()
        {
            await using var from = new NetworkStream(server);
            while (true)
            {
                var message = await ReadAsync(from, typed: true);
                if (!_swallows) await client.SendAsync(message);
                // Ready for the next statement, or for the rows of a COPY.
                else if (message[0] is (byte)'Z' or (byte)'G') _answered?.TrySetResult();
            }
        }

        private static async Task<byte[]> ReadAsync(NetworkStream from, bool typed)
        {
            var lead = typed ? 1 : 0;
            var head = new byte[lead + sizeof(int)];
            await from.ReadExactlyAsync(head);
            var message = new byte[lead + BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(lead))];
            head.CopyTo(message, 0);
            await from.ReadExactlyAsync(message.AsMemory(head.Length));
            return message;
        }
    }
}
