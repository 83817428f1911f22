import { Module } from '@nestjs/common';
import { ServiceModule } from '@app/service/service.module';
import { ApiModule } from './api/api.module';
import { CdmEnvironment } from './cdm.environment';
import { Clock } from './clock';
import { CategoryPopularity } from './entities/category-popularity.entity';
import { CountedBatches } from './entities/counted-batches.entity';
import { DailySales } from './entities/daily-sales.entity';
import { OrderVersion } from './entities/order-versions.entity';
import { ProductName } from './entities/product-names.entity';
import { ProductPopularity } from './entities/product-popularity.entity';
import { RestaurantCategoryCounter } from './entities/restaurant-category-counters.entity';
import { RestaurantName } from './entities/restaurant-names.entity';
import { TagEvaluation } from './entities/tag-evaluations.entity';
import { TagRuleCount } from './entities/tag-rule-counts.entity';
import { TagRuleProduct } from './entities/tag-rule-products.entity';
import { TagRule } from './entities/tag-rules.entity';
import { UserCategoryCounter } from './entities/user-category-counters.entity';
import { UserProductCounter } from './entities/user-product-counters.entity';
import { UserTagEvent } from './entities/user-tag-events.entity';
import { UserTag } from './entities/user-tags.entity';
import { User } from './entities/users.entity';
import { SpreadNamesJob } from './spread-names.job';
import { EvaluateRulesJob } from './tags/evaluate-rules.job';
import { MoveWindowsJob } from './tags/move-windows.job';
import { PublishTagEventsJob } from './tags/publish-tag-events.job';
import { WatchTagEventsJob } from './tags/watch-tag-events.job';
import { VaultOrdersHandler } from './vault-orders.handler';

@Module({
  imports: [
    ServiceModule.register({
      name: 'cdm',
      environment: CdmEnvironment,
      entities: [
        CategoryPopularity,
        CountedBatches,
        DailySales,
        OrderVersion,
        ProductName,
        ProductPopularity,
        RestaurantCategoryCounter,
        RestaurantName,
        TagEvaluation,
        TagRule,
        TagRuleCount,
        TagRuleProduct,
        UserCategoryCounter,
        UserProductCounter,
        UserTagEvent,
        UserTag,
        User,
      ],
    }),
    ApiModule,
  ],
  controllers: [VaultOrdersHandler],
  providers: [
    Clock,
    EvaluateRulesJob,
    MoveWindowsJob,
    PublishTagEventsJob,
    SpreadNamesJob,
    WatchTagEventsJob,
  ],
})
export class CdmModule {}
