namespace Lifecycle.Web.WhatIf;

/// <summary>The questions and answers that the documentation shows.</summary>
internal static class WhatIfExamples
{
    public const string Inputs =
        """
        {"inputs":[{"type":"order.placed","data":{"order_id":"o-2","amount_minor":12900}},
        {"command":"points.redeem","points":500,"reference":"voucher-1"}],"at":"2026-12-24T12:00:00Z"}
        """;

    public const string WhatIf =
        """
        {"customer":"c-1","version":12,"at":"2026-12-24T12:00:00Z","outcomes":[{"index":0,"id":"e-9",
        "status":"accepted","receipt":{"customer":"c-1","version":14,"status":"applied","effects":[
        {"kind":"points_moved","debit":"issued","credit":"pending","points":129,"available_at":"2027-01-07T12:00:00Z",
        "expires_at":"2027-12-31T23:00:00Z","cause":"earned","rule":"base","order":"5d1c3e0a9b7f2e46"}],
        "available":469,"pending":129,"held":0,"stage":"Loyal","next_change_at":"2026-12-31T23:00:00Z"}},
        {"index":1,"id":null,"status":"refused","problem":{"type":"/problems/insufficient_points",
        "detail":"469 points are available, 500 were asked for.","errors":{}}}],
        "view":{"customer":"c-1","version":14,
        "stage":{"name":"Loyal","since":"2026-08-02T10:00:00Z","reason":"customer.orders_365d >= 6",
        "next_review_at":"2027-01-19T09:30:00Z"},
        "points":{"available":469,"pending":129,"held":0,"expiring":[],
        "lifetime":{"earned":1098,"redeemed":500,"expired":0,"reversed":0,"adjusted":0}},
        "metrics":{"windows":{"30d":{"orders":1,"spend_minor":12900,"units":2,"returns":0,"visits":3,"views":9,
        "searches":1,"discount_minor":0}},
        "recency_days":0,"frequency":8,"monetary_minor":109800,"aov_minor":13725,"interpurchase_days":31.9,
        "interpurchase_spread_days":6.1,"next_order_expected_at":"2027-01-25T10:00:00Z",
        "first_order_at":"2026-05-15T08:00:00Z",
        "last_order_at":"2026-12-24T12:00:00Z","referrals":0,"unmatched_returns":0,"unmatched_return_minor":0,
        "awaited_returns":0},
        "warnings":[],"aliases":[],"next_change_at":"2026-12-31T23:00:00Z","as_of":"2026-12-24T12:00:00Z"}}
        """;

    public const string Basket =
        """
        {"currency":"EUR","amount_minor":12900,"items":[{"sku":"A","category":"tea","quantity":2,"amount_minor":12900}]}
        """;

    public const string Calculation =
        """
        {"customer":"c-1","version":12,"at":"2026-11-21T12:00:00Z","status":"accepted","points":129,"rules":[
        {"rule":"base","points":129,"available_at":"2026-12-05T12:00:00Z","expires_at":"2027-11-30T23:00:00Z"}],
        "available":340,"pending":258,"stage":"Loyal"}
        """;
}
