namespace Lifecycle.Web.Customers;

/// <summary>The answers that the documentation shows.</summary>
internal static class CustomerExamples
{
    public const string Customer =
        """
        {"customer":"c-1","version":12,
        "stage":{"name":"Loyal","since":"2026-08-02T10:00:00Z","reason":"customer.orders_365d >= 6",
        "next_review_at":"2026-12-19T09:30:00Z"},
        "points":{"available":340,"pending":129,"held":0,"expiring":[{"points":40,"expires_at":"2026-12-31T23:00:00Z"}],
        "lifetime":{"earned":969,"redeemed":500,"expired":0,"reversed":0,"adjusted":0}},
        "metrics":{"windows":{"30d":{"orders":1,"spend_minor":12900,"units":2,"returns":0,"visits":3,"views":9,
        "searches":1,"discount_minor":0}},
        "recency_days":1,"frequency":7,"monetary_minor":96900,"aov_minor":13842,"interpurchase_days":31.5,
        "interpurchase_spread_days":6.2,"next_order_expected_at":"2026-12-21T21:30:00Z",
        "first_order_at":"2026-05-15T08:00:00Z",
        "last_order_at":"2026-11-20T09:30:00Z","referrals":0,"unmatched_returns":0,"unmatched_return_minor":0,
        "awaited_returns":0},
        "warnings":[],"aliases":["ann@example.org"],"next_change_at":"2026-12-04T09:30:00Z","as_of":"2026-11-21T12:00:00Z"}
        """;

    public const string Status =
        """
        {"customer":"c-1","version":12,"stage":"Loyal","available":340,"pending":129,"held":0,
        "next_expiry":{"points":40,"at":"2026-12-31T23:00:00Z"},
        "next_change_at":"2026-12-04T09:30:00Z","as_of":"2026-11-21T12:00:00Z"}
        """;

    public const string Explanation =
        """
        {"customer":"c-1","version":12,"field":"points.available","value":340,"text":null,"count":2,"contributions":[
        {"seq":11,"at":"2026-11-10T08:00:00Z","occurred_at":"2026-11-10T08:00:00Z","type":"points.redeem","id":"r-1",
        "cause":"redeemed","amount":-500,"text":null},
        {"seq":3,"at":"2026-06-29T08:00:00Z","occurred_at":"2026-06-29T08:00:00Z","type":"tick","id":"",
        "cause":"matured","amount":840,"text":null}],
        "as_of":"2026-11-21T12:00:00Z"}
        """;
}
