using HwNas.Core.Spaces;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Elastic;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.Supernet;

public sealed class InheritanceTests
{
    [Fact]
    public void A_subnet_alone_with_inherited_weights_is_the_subnet_of_the_supernet()
    {
        using var scope = NewDisposeScope();
        var space = Some.TinySpace();
        using var whole = new ElasticSupernet(space, seed: 1, zeroGamma: false);
        var images = rand([4, 1, 14, 14]);
        for (var seed = 1; seed <= 5; seed++)
        {
            var genome = space.Genomes.Sample(new Random(seed));
            var alone = new SubnetSpace(space, genome);
            using var heir = new ElasticSupernet(alone, seed: 9);
            Assert.Empty(heir.Inherit(whole, space.PlanOf(genome)));
            var side = alone.Plan.Input.Height;
            var x = images.narrow(2, 0, side).narrow(3, 0, side).contiguous();
            Assert.True(heir.Forward(x, alone.Plan).equal(whole.Forward(x, space.PlanOf(genome))).all().item<bool>());
        }
    }

    [Fact]
    public void A_supernet_takes_on_all_weights_of_another_of_its_space_and_of_no_other()
    {
        var space = Some.TinySpace();
        using var from = new ElasticSupernet(space, seed: 1);
        using var heir = new ElasticSupernet(space, seed: 2);
        using var other = new ElasticSupernet(new SubnetSpace(space, space.Smallest), seed: 1);
        Assert.Throws<ArgumentException>(() => heir.Inherit(other));
        Assert.Empty(heir.Inherit(from));
        Assert.Equal(
            from.Weights.Flat.All.data<float>().ToArray(), heir.Weights.Flat.All.data<float>().ToArray());
    }
}
