using System.IO.Compression;
using System.Text;
using Lifecycle.Cli.Import;

namespace Lifecycle.Cli.Tests.Import;

/// <summary>Small files in the form of Online Retail.</summary>
internal static class Lines
{
    public const string Header =
        """
        "InvoiceNo","StockCode","Description","Quantity","InvoiceDate","UnitPrice","CustomerID","Country"
        """;

    public static string Line(
        string invoice, string sku = "85123A", string quantity = "6", string at = "2010-12-01 08:26:00",
        string price = "2.55", string customer = "17850", string country = "United Kingdom") =>
        $"\"{invoice}\",\"{sku}\",\"A \"\"HEART\"\", WHITE\",{quantity},{at},{price},{customer},\"{country}\"";

    public static string Text(params string[] lines) => string.Join("\n", [Header, .. lines, ""]);

    public static OnlineRetailFile Read(params string[] lines) => ReadText(Text(lines));

    public static OnlineRetailFile ReadText(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return OnlineRetailFile.Read(stream, _ => { }, CancellationToken.None);
    }

    public static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}

/// <summary>A file that is there as long as a test runs.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(byte[] content)
    {
        Path = System.IO.Path.GetTempFileName();
        File.WriteAllBytes(Path, content);
    }

    public TemporaryFile(string content) : this(Encoding.UTF8.GetBytes(content))
    {
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
