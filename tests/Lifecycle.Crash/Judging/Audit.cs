namespace Lifecycle.Crash.Judging;

/// <summary>
/// The journal against what was sent and told. Entries are taken in commit order, once each; what has been told by then
/// is compared after.
/// </summary>
public sealed class Audit(Ledger ledger, Sightings sightings, Faults faults)
{
    private readonly Dictionary<InputKey, JournalEntry> _found = [];
    private readonly Dictionary<string, Book> _books = [];
    private long _position;
    private int _compared;

    /// <summary>Entries taken.</summary>
    public long Entries => _position;

    /// <summary>Judges the next entry of the journal.</summary>
    public void Take(JournalEntry entry)
    {
        if (entry.Position != _position + 1) faults.Add($"The journal goes from {_position} on to {entry.Position}.");
        _position = entry.Position;
        if (!_books.TryGetValue(entry.Customer, out var book)) _books.Add(entry.Customer, book = new());
        if (entry.Seq != book.Versions.Count + 1)
            faults.Add($"{entry.Customer} goes from {book.Versions.Count} on to {entry.Seq}.");
        book.Versions.Add(entry.After);
        // A tick is nobody's input, and within a run nothing is due.
        if (entry.Id.Length > 0) Judge(entry, book);
        if (entry.After != book.Fold.Balances)
        {
            faults.Add(
                $"Entry {entry.Seq} of {entry.Customer} says {entry.After}, the inputs come to {book.Fold.Balances}.");
        }
    }

    /// <summary>
    /// Compares with everything that had been told before the journal was read: the caller takes both lists before.
    /// </summary>
    public void Compare(
        IReadOnlyList<(SentInput Input, Told Told)> told,
        IReadOnlyList<(string Customer, long Version, Balances Balances)> seen)
    {
        _compared += told.Count;
        foreach (var (input, answer) in told)
        {
            if (!_found.TryGetValue(input.Key, out var entry))
                faults.Add($"LOST: {Ledger.Name(input)} was acknowledged with {answer} and is not in the journal.");
            else if (entry.Seq != answer.Version || entry.IsRefusal != answer.IsRefusal
                || (answer.After is { } after && after != entry.After))
                faults.Add($"{Ledger.Name(input)} was acknowledged with {answer}, and the journal has {entry}.");
        }

        foreach (var (customer, version, balances) in seen)
        {
            var versions = _books.GetValueOrDefault(customer)?.Versions ?? [];
            if (version > versions.Count)
                faults.Add($"LOST: version {version} of {customer} was told; the journal ends with {versions.Count}.");
            else if (version > 0 && versions[(int)version - 1] != balances)
                faults.Add($"Version {version} of {customer} was told with {balances}; the journal has another.");
        }
    }

    /// <summary>What is to be compared next: everything told since the last time, and all that was seen.</summary>
    public (IReadOnlyList<(SentInput, Told)> Told, IReadOnlyList<(string, long, Balances)> Seen) Expect() =>
        (ledger.ReadAcknowledged(_compared), [.. sightings.ReadAll()]);

    private void Judge(JournalEntry entry, Book book)
    {
        var key = new InputKey(entry.Customer, entry.Source, entry.Id);
        if (!_found.TryAdd(key, entry))
        {
            faults.Add($"DOUBLED: {key} is in the journal at {_found[key].Position} and at {entry.Position}.");
            return;
        }

        if (ledger.Find(key) is not { } input)
        {
            faults.Add($"{key} at {entry.Position} was sent by nobody.");
            return;
        }

        if (entry.Kind != input.Kind || (entry.Points ?? 0) != input.Points)
            faults.Add($"{Ledger.Name(input)} with {input.Points} points is {entry} in the journal.");
        var refused = book.Fold.Refuses(input);
        if (refused != entry.IsRefusal)
            faults.Add($"{Ledger.Name(input)} {(refused ? "had to be refused and was not" : "was refused")}.");
    }

    private sealed class Book
    {
        public List<Balances> Versions { get; } = [];

        public Fold Fold { get; } = new();
    }
}
