namespace Lifecycle.Web.Access;

/// <summary>What a key may do. Stored names. No role implies another.</summary>
public static class Roles
{
    /// <summary>Send events.</summary>
    public const string Ingest = "ingest";

    /// <summary>
    /// Send by the Segment routes and nothing else: for the key in a page or an app, which anybody can read. The answers
    /// of <c>/v1/events</c> say what a customer has, so that takes <see cref="Ingest"/>.
    /// </summary>
    public const string Track = "track";

    /// <summary>Read a customer, redeem points.</summary>
    public const string Member = "member";

    /// <summary>Read a customer with its history, adjust points.</summary>
    public const string Agent = "agent";

    /// <summary>Decide on what agents ask for.</summary>
    public const string Approver = "approver";

    /// <summary>Reports, and customers with their history.</summary>
    public const string Analyst = "analyst";

    /// <summary>Erase and export.</summary>
    public const string Privacy = "privacy";

    /// <summary>Keys, programs, verification, quarantine.</summary>
    public const string Admin = "admin";

    /// <summary>Read the metrics of a process and nothing else: for the key of whatever scrapes them.</summary>
    public const string Monitor = "monitor";

    public static readonly IReadOnlyList<string> All =
        [Ingest, Track, Member, Agent, Approver, Analyst, Privacy, Admin, Monitor];
}

/// <summary>On an endpoint: a caller needs one of these roles.</summary>
internal sealed record RoleRequirement(string[] AnyOf)
{
    public bool Allows(Caller caller)
    {
        foreach (var role in AnyOf)
            if (caller.Roles.Contains(role)) return true;
        return false;
    }
}

/// <summary>
/// On an endpoint: the key may be in the query too, for senders of web hooks that can set an address and no header.
/// </summary>
internal sealed record KeyInQuery
{
    public const string Parameter = "access_token";
}

/// <summary>On an endpoint: anyone may call it.</summary>
internal sealed record OpenToAll;

/// <summary>
/// On an endpoint: the key may be in the body, so the endpoint finds it and asks <see cref="Admission"/> itself.
/// </summary>
internal sealed record FindsItsKey;

/// <summary>On an endpoint that is asked by POST: it changes nothing and does not wait with the writes.</summary>
internal sealed record OnlyReads;

/// <summary>
/// On an endpoint: it waits for no place among the requests under way, for it is asked what goes on when there is none.
/// </summary>
internal sealed record DoesNotWait;

/// <summary>Who calls.</summary>
/// <param name="KeyId">The public id of the key.</param>
internal sealed record Caller(string KeyId, IReadOnlyList<string> Roles);
