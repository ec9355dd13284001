using Lifecycle.Domain.Inputs;
using Lifecycle.Web.Segment;
using Lifecycle.Web.Tests.Support;

namespace Lifecycle.Web.Tests.Segment;

/// <summary>What calls become here.</summary>
public sealed class SegmentMappingTests(SharedSite shared) : IClassFixture<SharedSite>
{
    private static int _customers;

    private readonly Site _site = shared.Site;

    [Theory]
    [InlineData(
        "Order Completed",
        """{"order_id":"o","total":129.00,"tax":"20.60","shipping":4.9,"discount":10,"coupon":"WELCOME","currency":"eur","products":[{"product_id":7,"category":"tea","quantity":2,"price":51.75,"name":"Sencha"}]}""",
        """{"order_id":"o","currency":"EUR","amount_minor":12900,"discount_minor":1000,"tax_minor":2060,"shipping_minor":490,"coupon":"WELCOME","items":[{"sku":"7","category":"tea","quantity":2,"amount_minor":10350}]}""")]
    [InlineData("order_completed", """{"orderId":12,"revenue":"10.005","tax":1,"shipping":2}""",
        """{"order_id":"12","amount_minor":1301,"tax_minor":100,"shipping_minor":200}""")]
    [InlineData("ORDER COMPLETED", """{"order_id":"o","total":30.000000000000004}""",
        """{"order_id":"o","amount_minor":3000}""")]
    [InlineData("Order Completed", """{"order_id":"o","value":1e2,"coupon":""}""",
        """{"order_id":"o","amount_minor":10000}""")]
    [InlineData("Product Viewed", """{"product_id":"p","sku":"A","category":"tea","price":3}""",
        """{"sku":"A","category":"tea"}""")]
    [InlineData("Products Searched", """{"query":"green tea","results":12}""", """{"results":12}""")]
    [InlineData("Product Added", """{"sku":"A","quantity":"3","price":0.1}""",
        """{"items":[{"sku":"A","quantity":3,"amount_minor":30}]}""")]
    [InlineData("Product Removed", """{"sku":"A","price":"none"}""", "{}")]
    [InlineData("Cart Viewed", """{"products":[{"sku":"A"},{"sku":"B","quantity":2}],"total":5}""",
        """{"amount_minor":500,"items":[{"sku":"A","quantity":1,"amount_minor":0},{"sku":"B","quantity":2,"amount_minor":0}]}""")]
    [InlineData("Order Refunded", """{"order_id":"o","total":3,"products":[{"sku":"A","price":9}]}""",
        """{"order_id":"o","amount_minor":300}""")]
    [InlineData("Order Cancelled", """{"order_id":"o","products":[{"sku":"A","quantity":1,"price":9}],"reason":"late"}""",
        """{"order_id":"o","reason":"late","items":[{"sku":"A","quantity":1,"amount_minor":900}]}""")]
    [InlineData("Coupon Applied", """{"coupon_id":"C","order_id":"o","discount":2.5}""",
        """{"order_id":"o","amount_minor":250,"coupon":"C"}""")]
    [InlineData("Product Reviewed", """{"product_id":"p","rating":"4.5","review_body":"good"}""",
        """{"sku":"p","rating":4.5}""")]
    [InlineData("Email Opened", """{"campaign_name":"spring"}""", """{"channel":"email","campaign":"spring"}""")]
    [InlineData("Push Notification Tapped", """{"campaign":{"name":"spring"}}""",
        """{"channel":"push","campaign":"spring"}""")]
    [InlineData("Signed Up", """{"acquisition_channel":"search","email":"a@b.example"}""",
        """{"acquisition_channel":"search"}""")]
    [InlineData("survey.answered", """{"kind":"nps","score":9,"text":"fine"}""", """{"kind":"nps","score":9}""")]
    [InlineData("Trial  Started!", """{"plan":"gold"}""", "{}")]
    public async Task An_event_of_the_specification_has_our_type_and_public_fields(
        string name, string properties, string data)
    {
        var customer = $"c-{Interlocked.Increment(ref _customers)}";
        var entry = await _site.EntryOfAsync(customer, name, properties);

        Assert.Equal(data, entry.Data());
    }

    [Theory]
    [InlineData("Order Completed", "order.placed")]
    [InlineData("Product Viewed", "product.viewed")]
    [InlineData("products_searched", "search.performed")]
    [InlineData("product-added", "cart.updated")]
    [InlineData("Order Canceled", "order_canceled")]
    [InlineData("Trial  Started!", "trial_started")]
    [InlineData("Größe gewählt", "größe_gewählt")]
    [InlineData("level.up", "level.up")]
    public void A_name_is_known_whatever_its_case_or_kept_in_words(string name, string type) =>
        Assert.Equal(type, (SegmentNames.Find(name) ?? new(SegmentNames.TypeOf(name))).Type);

    [Fact]
    public void Every_mapping_fills_only_fields_that_its_type_declares()
    {
        foreach (var (name, mapping) in SegmentNames.Known)
        {
            Assert.True(EventSchema.Types.ContainsKey(mapping.Type), name);
            Assert.All(mapping.Fields, f => Assert.Contains(f.To, EventSchema.Types[mapping.Type]));
            if (mapping.Lines != LineRule.None) Assert.True(EventSchema.HasItems(mapping.Type), name);
        }
    }

    [Fact]
    public void The_documentation_has_each_name_with_its_type()
    {
        var page = File.ReadAllText(Path.Combine(ApiDocs.Folder(), "segment.md"));
        var rows = page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).ToList();

        foreach (var (name, mapping) in SegmentNames.Known)
            Assert.Contains(rows, row => row.Contains(name, StringComparison.OrdinalIgnoreCase)
                && row.Contains($"`{mapping.Type}`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_and_screens_are_visits_and_traits_are_a_profile_that_nobody_reads()
    {
        await _site.SegmentAsync("/v1/page", """{"messageId":"1","anonymousId":"v-1","name":"Home","category":"Shop"}""");
        await _site.SegmentAsync("/v1/s", """{"messageId":"2","anonymousId":"v-1","properties":{"path":"/cart"}}""");
        await _site.SegmentAsync("/i", """{"messageId":"3","userId":"v-1","traits":{"email":"a@b.example","address":{"country":"DE"}}}""");
        await _site.SegmentAsync("/v1/group", """{"messageId":"4","userId":"v-1","groupId":"g","traits":{"name":"Acme"}}""");
        var entries = await _site.EntriesOfAsync("v-1");

        Assert.Equal(["visit", "visit", "customer.updated", "group"], entries.Select(e => e.Type()));
        Assert.Equal("""{"channel":"web","section":"Shop","page":"Home"}""", entries[0].Data());
        Assert.Equal("""{"channel":"mobile","page":"/cart"}""", entries[1].Data());
        Assert.Equal("""{"country":"DE"}""", entries[2].Data());
        Assert.Equal("segment-anonymous", entries[0].GetProperty("source").GetString());
    }

    [Theory]
    [InlineData("JPY", "1200.50", 1201)]
    [InlineData("KWD", "1.2345", 1235)]
    [InlineData("EUR", "0.005", 1)]
    [InlineData("EUR", "999999999.995", 100_000_000_000)]
    [InlineData("EUR", "0.1", 10)]
    public void Amounts_are_exact_and_rounded_once(string currency, string amount, long minor) => Assert.Equal(
        minor,
        MessageMoney.ToMinor(
            decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture),
            MessageMoney.DigitsOf(currency)!.Value));

    [Fact]
    public void What_is_too_much_is_no_amount()
    {
        Assert.Null(MessageMoney.ToMinor(decimal.MaxValue, 2));
        Assert.Null(MessageMoney.ToMinor(1_000_000_000m, 1_000_000_000m, 2));
    }
}
