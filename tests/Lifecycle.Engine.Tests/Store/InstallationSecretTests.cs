using FsCheck;
using FsCheck.Fluent;
using Lifecycle.Compliance;
using Lifecycle.Engine.Store;

namespace Lifecycle.Engine.Tests.Store;

public sealed class InstallationSecretTests
{
    private static readonly InstallationSecret Secret = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    private static readonly InstallationSecret Other = new(new byte[32]);

    // What is stored under these never changes: another value here is a lost journal there.
    [Fact]
    public void Derived_keys_are_the_same_for_ever()
    {
        var customer = Secret.CustomerKeyOf("c-1");
        Assert.Equal("1add810172101db9e3e9d98e6b0e8ba0", customer.ToString());
        Assert.Equal("ebfa7a87774b5ab71ec65e1a1b243f8f", Secret.EventKeyOf(customer, "shop", "e-1").ToString());
        Assert.Equal("df79edd28bd2d23e37c091e49e588177", Secret.BodyHashOf("{}"u8).ToString());
    }

    [Fact]
    public void Another_installation_has_other_keys() =>
        Assert.NotEqual(Secret.CustomerKeyOf("c-1"), Other.CustomerKeyOf("c-1"));

    [Fact]
    public void Purposes_do_not_share_hashes() =>
        Assert.NotEqual(Secret.CustomerKeyOf("{}").Value, Secret.BodyHashOf("{}"u8));

    [Fact]
    public void Source_and_input_id_are_told_apart() => Prop.ForAll<NonNull<string>, NonNull<string>, NonNull<string>>(
        (a, b, c) =>
        {
            var customer = Secret.CustomerKeyOf("c-1");
            var left = Secret.EventKeyOf(customer, a.Get + b.Get, c.Get);
            var right = Secret.EventKeyOf(customer, a.Get, b.Get + c.Get);
            return left == right == (b.Get.Length == 0);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_secret_of_another_length_is_refused() =>
        Assert.Throws<ArgumentException>(() => new InstallationSecret(new byte[31]));

    [Fact]
    public void What_was_sealed_unseals_to_the_same() => Prop.ForAll<byte[], byte[]>(
        (plain, associated) =>
        {
            var key = CustomerSealer.CreateKey();
            var stored = CustomerSealer.Seal(key, plain, associated);
            return stored.Length == plain.Length + Sealing.Overhead &&
                CustomerSealer.Unseal(key, stored, associated).AsSpan().SequenceEqual(plain);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_changed_byte_is_noticed()
    {
        var key = CustomerSealer.CreateKey();
        var stored = CustomerSealer.Seal(key, "a note"u8, "entry 7"u8);
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] ^= 1;
            Assert.Throws<UnsealException>(() => CustomerSealer.Unseal(key, stored, "entry 7"u8));
            stored[i] ^= 1;
        }

        Assert.Throws<UnsealException>(() => CustomerSealer.Unseal(key, stored, "entry 8"u8));
        Assert.Throws<UnsealException>(() => CustomerSealer.Unseal(key, stored.AsSpan(0, 28), "entry 7"u8));
        Assert.Throws<UnsealException>(() => CustomerSealer.Unseal(CustomerSealer.CreateKey(), stored, "entry 7"u8));
    }

    [Fact]
    public void The_same_plain_bytes_are_sealed_differently_each_time()
    {
        var key = CustomerSealer.CreateKey();
        Assert.NotEqual(CustomerSealer.Seal(key, "x"u8, default), CustomerSealer.Seal(key, "x"u8, default));
    }

    [Fact]
    public void A_customers_key_unwraps_for_that_customer_and_installation_only()
    {
        var sealer = new CustomerSealer(Secret);
        var (ann, bob) = (Secret.CustomerKeyOf("ann"), Secret.CustomerKeyOf("bob"));
        var key = CustomerSealer.CreateKey();
        var wrapped = sealer.Wrap(ann, key);
        Assert.Equal(key, sealer.Unwrap(ann, wrapped));
        Assert.Throws<UnsealException>(() => sealer.Unwrap(bob, wrapped));
        Assert.Throws<UnsealException>(() => new CustomerSealer(Other).Unwrap(ann, wrapped));
        Assert.Throws<UnsealException>(() => sealer.UnsealQuarantined(ann.Value, wrapped));
    }

    [Fact]
    public void A_quarantined_body_unseals_beside_its_key()
    {
        var sealer = new CustomerSealer(Secret);
        var item = Histories.Hash("item");
        var stored = sealer.SealQuarantined(item, "{\"email\":\"a@b\"}"u8);
        Assert.Equal("{\"email\":\"a@b\"}"u8, sealer.UnsealQuarantined(item, stored));
        Assert.Throws<UnsealException>(() => sealer.UnsealQuarantined(Histories.Hash("other"), stored));
    }
}
