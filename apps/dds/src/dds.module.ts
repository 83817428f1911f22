import { Module } from '@nestjs/common';
import { ServiceModule } from '@app/service/service.module';
import { DdsEnvironment } from './dds.environment';
import { HCategory } from './entities/h-category.entity';
import { HOrder } from './entities/h-order.entity';
import { HProduct } from './entities/h-product.entity';
import { HRestaurant } from './entities/h-restaurant.entity';
import { HUser } from './entities/h-user.entity';
import { LOrderProduct } from './entities/l-order-product.entity';
import { LOrderRestaurant } from './entities/l-order-restaurant.entity';
import { LOrderUser } from './entities/l-order-user.entity';
import { LProductCategory } from './entities/l-product-category.entity';
import { LProductRestaurant } from './entities/l-product-restaurant.entity';
import { OrderCurrent } from './entities/order-current.view';
import { OrderLineCurrent } from './entities/order-line-current.view';
import { ProductCurrent } from './entities/product-current.view';
import { RestaurantCurrent } from './entities/restaurant-current.view';
import { SOrderCost } from './entities/s-order-cost.entity';
import { SOrderDetails } from './entities/s-order-details.entity';
import { SOrderProduct } from './entities/s-order-product.entity';
import { SOrderStatus } from './entities/s-order-status.entity';
import { SProductCategory } from './entities/s-product-category.entity';
import { SProductNames } from './entities/s-product-names.entity';
import { SRestaurantNames } from './entities/s-restaurant-names.entity';
import { SUserNames } from './entities/s-user-names.entity';
import { UserCurrent } from './entities/user-current.view';
import { StagedOrdersHandler } from './staged-orders.handler';

@Module({
  imports: [
    ServiceModule.register({
      name: 'dds',
      environment: DdsEnvironment,
      entities: [
        HCategory,
        HOrder,
        HProduct,
        HRestaurant,
        HUser,
        LOrderProduct,
        LOrderRestaurant,
        LOrderUser,
        LProductCategory,
        LProductRestaurant,
        OrderCurrent,
        OrderLineCurrent,
        ProductCurrent,
        RestaurantCurrent,
        SOrderCost,
        SOrderDetails,
        SOrderProduct,
        SOrderStatus,
        SProductCategory,
        SProductNames,
        SRestaurantNames,
        SUserNames,
        UserCurrent,
      ],
    }),
  ],
  controllers: [StagedOrdersHandler],
})
export class DdsModule {}
