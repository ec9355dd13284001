using System.CommandLine;
using Lifecycle.Client;

namespace Lifecycle.Cli;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    /// <summary>The environment variable that names the key.</summary>
    public const string KeyVariable = "LIFECYCLE_KEY";

    private const string DefaultUrl = "http://localhost:5080";
    private const string DefaultKey = "dev";

    private readonly Option<Uri> _url = new("--url")
    {
        Description = "The server to talk to.",
        Recursive = true,
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri(DefaultUrl),
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
            result.AddError($"--url takes an address such as {DefaultUrl}, not '{text}'.");
            return null;
        },
    };

    private readonly Option<string> _key;
    private readonly TimeProvider _clock;

    private readonly Option<bool> _json = new("--json")
    {
        Description = "Write the result as JSON, for machines.",
        Recursive = true,
    };

    public GlobalOptions(Surroundings surroundings)
    {
        _clock = surroundings.Clock;
        _key = new("--key")
        {
            Description = $"The API key. Default: {KeyVariable}, else '{DefaultKey}'.",
            Recursive = true,
            HelpName = "KEY",
        };
        KeyOf = parsed => Checked(parsed.GetValue(_key)
            ?? (surroundings.Variable(KeyVariable) is { Length: > 0 } named ? named : DefaultKey));
    }

    private Func<ParseResult, string> KeyOf { get; }

    public void AddTo(RootCommand root)
    {
        root.Add(_url);
        root.Add(_key);
        root.Add(_json);
    }

    public bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>A client for the server that the command line names. The caller disposes it.</summary>
    /// <param name="retry">Null for a question that a person can ask again.</param>
    public LifecycleClient Connect(ParseResult parsed, RetryPolicy? retry = null) => new(new LifecycleClientOptions
    {
        Url = parsed.GetRequiredValue(_url),
        Key = KeyOf(parsed),
        Retry = retry ?? RetryPolicy.None,
        // A command that takes minutes on the server (a report, verify) is ended by the person, not by a timer.
        TimeLimit = Timeout.InfiniteTimeSpan,
        AttemptLimit = Timeout.InfiniteTimeSpan,
        Clock = _clock,
    });

    /// <summary>A key from a file often brings its line break along; what else no header can carry is no key.</summary>
    private static string Checked(string key)
    {
        key = key.Trim();
        return key.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? throw new CommandFailedException(
                $"This is no API key: it holds a space, a line break or a letter that no key has. Look at --key or {KeyVariable}.")
            : key;
    }
}
