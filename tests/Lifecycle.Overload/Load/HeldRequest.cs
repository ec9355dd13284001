using System.Net.Sockets;
using System.Text;

namespace Lifecycle.Overload.Load;

/// <summary>A request of which the server has the head and a part of the body: it is under way.</summary>
internal sealed class HeldRequest : IDisposable
{
    private const string Body = """{"id":"held","source":"held","type":"visit","customer":"held"}""";
    private const int Sent = 10;

    private readonly TcpClient _client = new();

    public static async Task<HeldRequest> SendAsync(Uri address, string key)
    {
        var held = new HeldRequest();
        await held._client.ConnectAsync(address.Host, address.Port);
        await held.SendAsync(
            $"POST /v1/events HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {key}\r\n" +
            $"Content-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body[..Sent]}");
        return held;
    }

    /// <summary>Sends the rest; answers the head and what came of the body, up to the end of the connection.</summary>
    public async Task<string> EndAsync()
    {
        try
        {
            await SendAsync(Body[Sent..]);
            using var reader = new StreamReader(_client.GetStream());
            return await reader.ReadToEndAsync();
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(string text) => await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text));
}
