using System.Text.Json;
using Lifecycle.Domain.Inputs;
using Lifecycle.Domain.Time;
using static Lifecycle.Engine.Ingest.QuarantineReasons;

namespace Lifecycle.Engine.Ingest;

/// <summary>Reads one event after another; its buffers are used again for the next.</summary>
/// <param name="body">Without a byte order mark.</param>
/// <param name="origin">Bytes that were before it.</param>
/// <param name="now">Our clock.</param>
/// <param name="limits">What is let through.</param>
internal sealed partial class EventParser(
    ReadOnlyMemory<byte> body, int origin, Instant now, EventReaderLimits limits)
{
    /// <summary>What a sender that names none is called.</summary>
    public const string DefaultSource = "api";

    private const string EnvelopeName = "$envelope";

    private readonly Faults _faults = new();
    private readonly NameSet _envelopeNames = new(body);
    private readonly RawObject _envelope = new();

    private string? _id;
    private string? _source;
    private string? _type;
    private string? _customer;
    private Instant? _occurredAt;
    private Instant? _claimedAt;
    private Members _seen;

    [Flags]
    private enum Members
    {
        None = 0,
        Id = 1,
        Source = 2,
        Type = 4,
        Customer = 8,
        OccurredAt = 16,
        Data = 32,
    }

    /// <summary>The reader stands on the event's first token, and afterwards on its last.</summary>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public EventRead Read(ref Utf8JsonReader reader)
    {
        Clear();
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadEnvelope(ref reader);
        }
        else
        {
            reader.Skip();
            _faults.Add(InvalidField, "", "must be a JSON object");
        }

        var length = (int)reader.BytesConsumed - start;
        if (length > limits.EventBytesMax)
            _faults.Add(EventTooLarge, "", $"has {length} bytes, at most {limits.EventBytesMax} are taken");
        return new EventRead
        {
            Start = origin + start, Length = length, Id = _id, Source = _source, Customer = _customer,
            TimeAssigned = _occurredAt is null, ClaimedAt = _claimedAt,
            Problem = _faults.Any ? _faults.ToProblem() : null, Event = _faults.Any ? null : ToEvent(),
        };
    }

    private Input.Event ToEvent() => new(_type!, ToData())
    {
        Id = _id!,
        Source = _source ?? DefaultSource,
        OccurredAt = _occurredAt ?? now,
    };

    private void ReadEnvelope(ref Utf8JsonReader reader)
    {
        Utf8JsonReader later = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = MemberUnder(ref reader);
            if (member == Members.None)
            {
                TakeUndeclared(ref reader, "", -1, _envelopeNames, _envelope);
                continue;
            }

            var again = (_seen & member) != 0;
            _seen |= member;
            reader.Read();
            if (again)
            {
                reader.Skip();
                _faults.Add(DuplicateField, Pointer(member), "is there twice");
            }
            else if (reader.TokenType == JsonTokenType.Null)
            {
                _seen &= ~member;
            }
            else if (member == Members.Data && _type is null)
            {
                later = reader;
                reader.Skip();
            }
            else
            {
                ReadMember(ref reader, member);
            }
        }

        if ((_seen & Members.Data) != 0 && _type is not null && later.TokenType != JsonTokenType.None)
            ReadMember(ref later, Members.Data);
        CheckEnvelope();
    }

    private void ReadMember(ref Utf8JsonReader reader, Members member)
    {
        switch (member)
        {
            case Members.Id:
                _id = ReadId(ref reader, "/id");
                break;
            case Members.Source:
                _source = ReadId(ref reader, "/source");
                break;
            case Members.Type:
                _type = ReadId(ref reader, "/type", InvalidField);
                break;
            case Members.Customer:
                _customer = ReadId(ref reader, "/customer");
                break;
            case Members.OccurredAt:
                _occurredAt = ReadOccurredAt(ref reader);
                break;
            default:
                ReadData(ref reader, TypeSchema.Of(_type!));
                break;
        }
    }

    private void CheckEnvelope()
    {
        if ((_seen & Members.Id) == 0)
            _faults.Add(InvalidId, "/id", $"is missing: an event needs an id of 1 to {InputLimits.IdMax} characters");
        if ((_seen & Members.Customer) == 0)
            _faults.Add(MissingCustomer, "/customer", "is missing: an event belongs to a customer");
        if (_type is null)
        {
            if ((_seen & Members.Type) == 0)
                _faults.Add(MissingField, "/type", "is missing: an event has a type, such as order.placed");
            return;
        }

        // The journal tells commands and ticks from events by this name.
        if (InputTypes.IsReserved(_type))
            _faults.Add(InvalidField, "/type", $"must not be {_type}: that name is reserved");
        CheckData(_type);
    }

    private static Members MemberUnder(ref Utf8JsonReader reader)
    {
        if (!JsonText.IsText(ref reader)) return Members.None;
        if (reader.ValueTextEquals("id"u8)) return Members.Id;
        if (reader.ValueTextEquals("source"u8)) return Members.Source;
        if (reader.ValueTextEquals("type"u8)) return Members.Type;
        if (reader.ValueTextEquals("customer"u8)) return Members.Customer;
        if (reader.ValueTextEquals("occurred_at"u8)) return Members.OccurredAt;
        return reader.ValueTextEquals("data"u8) ? Members.Data : Members.None;
    }

    private static string Pointer(Members member) => member switch
    {
        Members.OccurredAt => "/occurred_at",
        _ => $"/{member.ToString().ToLowerInvariant()}",
    };

    private void Clear()
    {
        _faults.Clear();
        _envelopeNames.Clear();
        _envelope.Clear();
        (_id, _source, _type, _customer, _seen) = (null, null, null, null, Members.None);
        (_occurredAt, _claimedAt) = (null, null);
        ClearData();
    }
}
