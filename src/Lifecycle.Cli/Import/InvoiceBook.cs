namespace Lifecycle.Cli.Import;

/// <summary>
/// Groups lines by invoice wherever they stand in the file. An invoice is whole or it is not sent: one line that cannot
/// be read holds back the others, so that a corrected file can be imported later under the same invoice number.
/// </summary>
internal sealed class InvoiceBook
{
    private readonly Dictionary<string, Invoice> _invoices = [];
    private readonly Dictionary<string, List<long>> _fileLines = [];
    private readonly Dictionary<string, LineProblem> _spoiled = [];
    private readonly List<LineProblem> _problems = [];

    public long LinesRead { get; private set; }

    public void Add(OnlineRetailLine text, long fileLine)
    {
        LinesRead++;
        if (text.Read(out var line, out var at) is var (reason, detail))
        {
            Spoil(new LineProblem(fileLine, text.Invoice, reason, detail));
            return;
        }
        var customer = text.CustomerOrNull;
        if (!_invoices.TryGetValue(text.Invoice, out var invoice))
        {
            _invoices[text.Invoice] = invoice = new Invoice(text.Invoice, customer, text.CountryOrEmpty, at, fileLine);
            _fileLines[text.Invoice] = [];
        }
        if (invoice.Customer != customer)
        {
            Spoil(new LineProblem(
                fileLine, text.Invoice, LineReasons.MixedCustomers,
                $"customer '{customer}' where line {invoice.FileLine} has '{invoice.Customer}'"));
            return;
        }
        invoice.Add(line, at);
        _fileLines[text.Invoice].Add(fileLine);
    }

    /// <summary>A line of which not even the fields can be told apart.</summary>
    public void AddUnreadable(long fileLine, string reason, string detail)
    {
        LinesRead++;
        _problems.Add(new LineProblem(fileLine, "", reason, detail));
    }

    /// <summary>Invoices in the order of their time, then of the file; problems in the order of the file.</summary>
    public (IReadOnlyList<Invoice> Invoices, IReadOnlyList<LineProblem> Problems) Close()
    {
        foreach (var (number, first) in _spoiled)
        {
            foreach (var fileLine in _fileLines.GetValueOrDefault(number, []))
            {
                _problems.Add(new LineProblem(
                    fileLine, number, LineReasons.IncompleteInvoice,
                    $"held back with line {first.FileLine} of its invoice"));
            }
            _invoices.Remove(number);
        }
        return (
            _invoices.Values.OrderBy(invoice => invoice.At).ThenBy(invoice => invoice.FileLine).ToList(),
            _problems.OrderBy(problem => problem.FileLine).ToList());
    }

    private void Spoil(LineProblem problem)
    {
        _problems.Add(problem);
        if (problem.Reason != LineReasons.MissingInvoice) _spoiled.TryAdd(problem.Invoice, problem);
    }
}
