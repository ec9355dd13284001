using Lifecycle.Domain.Entries;
using Lifecycle.Domain.Identity;
using Lifecycle.Domain.Inputs;
using Lifecycle.Engine.Store;

namespace Lifecycle.Simulation.Judging;

/// <summary>
/// Merges: what leaves one journal arrives in another, whole. Unmerges: two parts make what was there.
/// </summary>
internal sealed partial class Judge
{
    private readonly Dictionary<(Hash16 Journal, long Seq), Book> _underWay = [];
    private readonly Dictionary<string, (string Into, long Since)> _parents = [];

    /// <summary>An id that leads to another one, if there is any.</summary>
    public (string Alias, string Into)? AliasAt(int number)
    {
        if (_parents.Count == 0) return null;
        var (alias, parent) = _parents.ElementAt(number % _parents.Count);
        return (alias, parent.Into);
    }

    private bool ApplyIdentity(Account account, Entry entry)
    {
        var (book, at) = (account.Book, entry.At.Micros);
        account.HasFamily |= entry.Input is Input.Merge or Input.Join or Input.Rejoin;
        switch (entry.Input)
        {
            case Input.Merge:
                _underWay[(account.Key, entry.Seq)] = book;
                account.Book = new();
                account.IsGone = true;
                return true;
            case Input.Join join:
                if (!_underWay.Remove((join.From, join.Seq), out var arrived))
                {
                    Violation ??= $"{account.Name} #{entry.Seq}: what came had not left, or came before.";
                    return true;
                }

                var left = (Effect.Joined)entry.Effects[0];
                _parents[NameOf(new CustomerKey(join.From))] = (NameOf(new CustomerKey(left.Into)), _taken);
                book.Take(arrived, at);
                book.Meet(at, RulesAt(at).Forgive);
                return true;
            case Input.Unmerge unmerge:
                if (entry.Effects is [Effect.Refused, ..]) return true;
                Divide(
                    account, entry, NameOf(new CustomerKey(unmerge.Alias)),
                    entry.Effects.OfType<Effect.Split>().Single());
                return true;
            case Input.Rejoin rejoin:
                if (!_underWay.Remove((rejoin.From, rejoin.Seq), out var back))
                    Violation ??= $"{account.Name} #{entry.Seq}: what came back had not left.";
                else account.Book.Take(back, at);
                account.IsGone = false;
                return true;
            case Input.Settle:
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Who has which point afterwards is the engine's to say, as long as none is made or lost. What happened is of the
    /// id that it was sent to.
    /// </summary>
    private void Divide(Account account, Entry entry, string alias, Effect.Split split)
    {
        var book = account.Book;
        var since = _parents[alias].Since;
        foreach (var fact in book.Facts)
            if (fact.Of is null && fact.Number > since && IsUnder(fact.Owner, alias)) fact.Owner = alias;
        var goes = new Book();
        var stays = new Book();
        Points(goes, split.Goes);
        Points(stays, split.Stays);
        if ((goes.Available + stays.Available, goes.Waits + stays.Waits) != (book.Available, book.Waits))
        {
            Violation ??= $"{account.Name} #{entry.Seq}: {goes.Available} and {stays.Available} are available after " +
                $"{alias} left, before it {book.Available}; {goes.Waits} and {stays.Waits} wait, before it " +
                $"{book.Waits}.";
        }

        foreach (var fact in book.Facts) (IsUnder(fact.Owner, alias) ? goes : stays).Facts.Add(fact);
        foreach (var (id, order) in book.Orders)
            (IsUnder(order.Fact.Owner, alias) ? goes : stays).Orders.Add(id, order);
        foreach (var waiting in book.Waiting) (IsUnder(waiting.Owner, alias) ? goes : stays).Waiting.Add(waiting);
        account.Book = stays;
        _underWay[(account.Key, entry.Seq)] = goes;
        _parents.Remove(alias);
    }

    private bool IsUnder(string id, string alias) =>
        id == alias || (_parents.TryGetValue(id, out var parent) && IsUnder(parent.Into, alias));

    private static void Points(Book book, Part part)
    {
        foreach (var lot in part.Lots)
        {
            book.Lots[lot.ExpiresAt.Micros] = lot.Remaining;
            if (lot.Expired > 0) book.ExpiredOf[lot.ExpiresAt.Micros] = lot.Expired;
        }

        foreach (var lot in part.Pending)
            book.Pending[(lot.Dates.AvailableAt.Micros, lot.Dates.ExpiresAt.Micros)] = lot.Points;
        book.Debt = part.Debt;
        book.Expired = part.Balances.Of(Domain.Points.Account.Expired);
    }
}
